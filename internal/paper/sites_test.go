package paper

import (
	"strings"
	"testing"
)

// siteExamples has at least one link for each line of the table of sites. What
// it should name is given as an ID, or as an address where it has no better
// name; "" for a page that is no paper.
var siteExamples = []struct{ link, want string }{
	{"https://arxiv.org/abs/2501.05874", "arxiv:2501.05874"},
	{"https://www.arxiv.org/pdf/2502.20704", "arxiv:2502.20704"},
	{"http://cn.arxiv.org/abs/1806.03619", "arxiv:1806.03619"},
	{"https://browse.arxiv.org/html/2401.08383v1", "arxiv:2401.08383v1"},
	{"https://export.arxiv.org/pdf/2504.17376", "arxiv:2504.17376"},
	{"http://xxx.lanl.gov/abs/hep-th/9901001", "arxiv:hep-th/9901001"},
	{"https://ar5iv.org/abs/2005.05144", "arxiv:2005.05144"},
	{"https://ar5iv.labs.arxiv.org/html/1706.03762", "arxiv:1706.03762"},
	{"https://arxiv.org/abs//2306.08707", "arxiv:2306.08707"},
	{"https://arxiv.org/abs/2401.08383/", "arxiv:2401.08383"},
	{"https://arxiv.org/abs/2401.08383.pdf", "arxiv:2401.08383"},
	{"https://arxiv.org/abs/arXiv:2401.08383v3", "arxiv:2401.08383v3"},
	{"https://arxiv.org/2401.08383", "arxiv:2401.08383"},
	{"https://arxiv.org/pdf/2307.13365v2.pdf", "arxiv:2307.13365v2"},
	{"https://arxiv.org/pdf/2411.07066?", "arxiv:2411.07066"},
	{"https://arxiv.org/pdf/2401.08383.pdf?download=1", "arxiv:2401.08383"},
	{"https://arxiv.org/pdf/2601.16163#page=14.12", "arxiv:2601.16163"},
	{"https://arxiv.org/html/2211.02515v1#S5", "arxiv:2211.02515v1"},
	{"https://arxiv.org/html/2211.02515v1/x1.png", "arxiv:2211.02515v1"},
	{"https://arxiv.org/abs/1805.11080?context=cs.LG", "arxiv:1805.11080"},
	{"https://arxiv.org/ftp/arxiv/papers/1312/1312.6114.pdf", "arxiv:1312.6114"},
	{"https://arxiv.org/abs/2401.08383%EF%BC%89", "arxiv:2401.08383"},
	{"https://arxiv.org/format/2401.08383", "arxiv:2401.08383"},
	{"https://arxiv.org/src/2401.08383v2", "arxiv:2401.08383v2"},
	{"https://arxiv.org/pdf/astro-ph/0601001v1", "arxiv:astro-ph/0601001v1"},
	{"https://arxiv.org/abs/astro-ph%2F0601001", "arxiv:astro-ph/0601001"},
	{"https://arxiv.org/abs/math.CA/0611800v2", "arxiv:math/0611800v2"},
	{"https://arxiv.org/abs/2401.08383&sa=D&source=editors", "arxiv:2401.08383"},
	{"https://arxiv.org:443/abs/2401.08383", "arxiv:2401.08383"},
	{"https://arxiv.org./abs/2401.08383", "arxiv:2401.08383"},
	{"HTTPS://ARXIV.ORG/ABS/2401.08383V2", "arxiv:2401.08383v2"},
	{"https://arxiv.org/abs/2307.000400", ""},
	{"https://arxiv.org/abs/2413.00001", ""},
	{"https://arxiv.org/abs/0808.05394", ""},
	{"https://arxiv.org/abs/1501.0001", ""},
	{"https://arxiv.org/abs/2401.08383v0", ""},
	{"https://arxiv.org/abs/2401.08383foo", ""},
	{"https://arxiv.org/abs/nonsense/0601001", ""},
	{"https://arxiv.org/abs/math/0813001", ""},
	{"https://arxiv.org/abs/math/0704001", ""},
	{"https://arxiv.org/list/cs.AI/recent", ""},
	{"https://arxiv.org/list/cs.LG/2401", ""},
	{"https://arxiv.org/search/?query=2401.08383", ""},
	{"https://arxiv.org/category_taxonomy", ""},
	{"https://arxiv.org/help/api/tou", ""},
	{"https://arxiv.org/", ""},
	{"https://arxiv.org", ""},
	{"https://arxiv.org/api/query?id_list=1707.08567,astro-ph%2F0601001v2&start=0", "arxiv:1707.08567 arxiv:astro-ph/0601001v2"},
	{"https://export.arxiv.org/api/query?search_query=&id_list=1605.08386v1%2C0808.05394&start=0", "arxiv:1605.08386v1"},
	{"https://export.arxiv.org/api/query?search_query=testing&id_list=&start=0", ""},
	{"https://export.arxiv.org/oai2?verb=GetRecord&identifier=oai:arXiv.org:2401.08383&metadataPrefix=arXiv", "arxiv:2401.08383"},
	{"https://huggingface.co/papers/2401.08383", "arxiv:2401.08383"},
	{"https://huggingface.co/papers/2401.08383.md", "arxiv:2401.08383"},
	{"https://huggingface.co/papers/2401.08383#community", "arxiv:2401.08383"},
	{"https://hf.co/papers/2511.15658", "arxiv:2511.15658"},
	{"https://hf-mirror.com/papers/2511.15658", "arxiv:2511.15658"},
	{"https://huggingface.co/api/papers/2401.08383", "arxiv:2401.08383"},
	{"https://huggingface.co/papers", ""},
	{"https://huggingface.co/papers?date=2026-05-13", ""},
	{"https://huggingface.co/papers/date/2026-05-13", ""},
	{"https://huggingface.co/papers/trending", ""},
	{"https://huggingface.co/papers/month/2026-05", ""},
	{"https://huggingface.co/models?other=arxiv:2401.08383", ""},
	{"https://huggingface.co/mistralai/Mixtral-8x7B-v0.1", ""},
	{"https://www.alphaxiv.org/overview/2512.21120v1", "arxiv:2512.21120v1"},
	{"https://www.alphaxiv.org/zh/overview/2601.08430v1", "arxiv:2601.08430v1"},
	{"https://alphaxiv.org/overview/2603.01234.md", "arxiv:2603.01234"},
	{"https://alphaxiv.org/resources/2504.17192", "arxiv:2504.17192"},
	{"https://scirate.com/arxiv/2401.08383", "arxiv:2401.08383"},
	{"https://scirate.com/arxiv/quant-ph/0201082", "arxiv:quant-ph/0201082"},
	{"https://www.emergentmind.com/papers/2401.08383", "arxiv:2401.08383"},
	{"https://www.catalyzex.com/paper/arxiv:2401.08383", "arxiv:2401.08383"},
	{"https://bytez.com/docs/arxiv/2401.08383/paper", "arxiv:2401.08383"},
	{"https://www.arxiv-vanity.com/papers/1706.03762/", "arxiv:1706.03762"},
	{"https://deeplearn.org/arxiv/2401.08383/some-title", "arxiv:2401.08383"},
	{"https://arxiv-sanity-lite.com/?rank=pid&pid=2401.08383", "arxiv:2401.08383"},
	{"http://www.arxiv-sanity.com/1706.03762v5", "arxiv:1706.03762v5"},
	{"https://scholar.archive.org/fatcat/arxiv:1706.03762v5", "arxiv:1706.03762v5"},
	{"https://inspirehep.net/arxiv/2401.08383", "arxiv:2401.08383"},
	{"https://www.themoonlight.io/file?url=https%3A%2F%2Farxiv.org%2Fpdf%2F2401.08383", "arxiv:2401.08383"},
	{"https://papers.cool/arxiv/2401.08383", "arxiv:2401.08383"},
	{"https://papers.cool/arxiv/cs.AI,cs.CL?date=2026-04-02&show=100", ""},
	{"https://papers.cool/venue/yIqszw9RUc@OpenReview", "openreview:yIqszw9RUc"},
	{"https://papers.cool/venue/2024.acl-long.1@ACL", "acl:2024.acl-long.1"},
	{"https://paperswithcode.com/paper/arxiv:1706.03762", "arxiv:1706.03762"},
	{"https://paperswithcode.com/paper/?openreview=BkJ3ibb0-", "openreview:BkJ3ibb0-"},
	{"https://paperswithcode.com/paper/attention-is-all-you-need", "https://paperswithcode.com/paper/attention-is-all-you-need"},
	{"https://paperswithcode.com/sota/image-classification-on-imagenet", ""},
	{"https://www.semanticscholar.org/arxiv/2105.08276", "arxiv:2105.08276"},
	{"https://api.semanticscholar.org/graph/v1/paper/arXiv:2105.08276?fields=title", "arxiv:2105.08276"},
	{"https://www.semanticscholar.org/paper/Attention-is-All-you-Need-Vaswani-Shazeer/204e3073870fae3d05bcbc2f6a8e263d9b72e776?sort=relevance",
		"https://www.semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776"},
	{"https://www.connectedpapers.com/main/204e3073870fae3d05bcbc2f6a8e263d9b72e776/Attention/graph",
		"https://www.semanticscholar.org/paper/204e3073870fae3d05bcbc2f6a8e263d9b72e776"},
	{"https://ui.adsabs.harvard.edu/abs/arXiv:2401.08383", "arxiv:2401.08383"},
	{"https://ui.adsabs.harvard.edu/abs/2024arXiv240108383S/abstract", "arxiv:2401.08383"},
	{"https://ui.adsabs.harvard.edu/abs/2013arXiv1312.6114K/abstract", "arxiv:1312.6114"},
	{"https://dblp.org/rec/journals/corr/abs-2401-08383.html?view=bibtex", "arxiv:2401.08383"},
	{"https://dblp.org/rec/journals/trob/ShettySC22;59/6334", ""},

	{"https://doi.org/10.1038/s42256-020-0208-z", "doi:10.1038/s42256-020-0208-z"},
	{"http://dx.doi.org/10.1016/s1463-4988(99)00060-3", "doi:10.1016/s1463-4988(99)00060-3"},
	{"http://dx.doi.org/10.1103/physrevb.33.3547.2", "doi:10.1103/physrevb.33.3547.2"},
	{"https://doi.org/10.3847%2F1538-4365%2Faafac9", "doi:10.3847/1538-4365/aafac9"},
	{"https://doi.org/10.3847%252F1538-4365%252Faafac9", "doi:10.3847/1538-4365/aafac9"},
	{"https://doi.org/10.34703/gzx1-9v95/NAMTMS", "doi:10.34703/gzx1-9v95/namtms"},
	{"https://doi.org/10.1002/(SICI)1097-4571(199806)49:8%3C693::AID-ASI4%3E3.0.CO;2-O", "doi:10.1002/(sici)1097-4571(199806)49:8<693::aid-asi4>3.0.co;2-o"},
	{"https://doi.org/doi:10.1038/nature12373?nosfx=y", "doi:10.1038/nature12373"},
	{"https://doi.org/10.48550/ARXIV.1909.01326", "arxiv:1909.01326"},
	{"https://doi.org/10.48550/arXiv.hep-th/9901001v2", "arxiv:hep-th/9901001v2"},
	{"https://doi.org/10.48550/arXiv.2307.000400", ""},
	{"http://dx.doi.org/", ""},
	{"https://www.doi.org/the-identifier/what-is-a-doi/", ""},
	{"https://doi.acm.org/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"},
	{"https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2.full.pdf+html", "doi:10.1101/2020.01.01.123456v2"},
	{"https://www.biorxiv.org/content/10.1101/123456v1", "doi:10.1101/123456v1"},
	{"https://www.biorxiv.org/content/10.1101/2020.01.01.123456.full", "doi:10.1101/2020.01.01.123456"},
	{"https://www.biorxiv.org/content/10.64898/2026.06.09.731197v1.full", "doi:10.64898/2026.06.09.731197v1"},
	{"https://www.biorxiv.org/cgi/content/short/2026.06.09.731197v1?rss=1", "doi:10.64898/2026.06.09.731197v1"},
	{"https://www.biorxiv.org/content/early/2018/01/15/248286", "doi:10.1101/248286"},
	{"https://www.medrxiv.org/content/medrxiv/early/2020/03/03/2020.10.29.20222208.full.pdf", "doi:10.1101/2020.10.29.20222208"},
	{"https://www.medrxiv.org/", ""},
	{"https://www.biorxiv.org/collection/neuroscience", ""},
	{"https://direct.mit.edu/tacl/article/doi/10.1162/tacl_a_00343/96482/Title", "doi:10.1162/tacl_a_00343"},
	{"https://academic.oup.com/bioinformatics/article/doi/10.1093/bioinformatics/btaa123/5811234", "doi:10.1093/bioinformatics/btaa123"},
	{"https://pubs.aip.org/aip/jcp/article-abstract/doi/10.1063/5.0012345/123/Title", "doi:10.1063/5.0012345"},
	{"https://dl.acm.org/doi/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"},
	{"https://dl.acm.org/doi/abs/10.1145/3292500.3330701?casa_token=x", "doi:10.1145/3292500.3330701"},
	{"https://dl.acm.org/doi/pdf/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"},
	{"https://dl.acm.org/doi/fullHtml/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"},
	{"https://dl.acm.org/citation.cfm?id=3292500.3330701", "doi:10.1145/3292500.3330701"},
	{"https://dl.acm.org/doi/proceedings/10.1145/3292500", ""},
	{"https://dl.acm.org/profile/81100246710", ""},
	{"https://link.springer.com/chapter/10.1007/978-3-031-19830-4", "doi:10.1007/978-3-031-19830-4"},
	{"https://link.springer.com/article/10.1007/s11109-010-9112-2/fulltext.html", "doi:10.1007/s11109-010-9112-2"},
	{"https://link.springer.com/content/pdf/10.1007%2Fs11109-010-9112-2.pdf", "doi:10.1007/s11109-010-9112-2"},
	{"https://link.springer.com/article/10.1007/s11109-010-9112-2/figures/2", "doi:10.1007/s11109-010-9112-2"},
	{"https://link.springer.com/journal/11109", ""},
	{"https://bmcbioinformatics.biomedcentral.com/articles/10.1186/s12859-020-3500-9", "doi:10.1186/s12859-020-3500-9"},
	{"https://onlinelibrary.wiley.com/doi/abs/10.1002/adma.201702359", "doi:10.1002/adma.201702359"},
	{"https://agupubs.onlinelibrary.wiley.com/doi/pdfdirect/10.1029/2020GL012345", "doi:10.1029/2020gl012345"},
	{"https://onlinelibrary.wiley.com/doi/10.1002/adma.201702359/abstract", "doi:10.1002/adma.201702359"},
	{"https://www.science.org/doi/10.1126/science.aat8084", "doi:10.1126/science.aat8084"},
	{"https://www.pnas.org/doi/full/10.1073/pnas.1234567890", "doi:10.1073/pnas.1234567890"},
	{"https://www.tandfonline.com/doi/full/10.1080/0144235X.2017.1351672?needAccess=true", "doi:10.1080/0144235x.2017.1351672"},
	{"https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.116.061102", "doi:10.1103/physrevlett.116.061102"},
	{"https://iopscience.iop.org/article/10.1088/1742-5468/ad1234/meta", "doi:10.1088/1742-5468/ad1234"},
	{"https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0012345&type=printable", "doi:10.1371/journal.pone.0012345"},
	{"https://epubs.siam.org/doi/10.1137/0216062", "doi:10.1137/0216062"},
	{"https://projecteuclid.org/journals/annals-of-statistics/volume-29/issue-5/x/10.1214/aos/1013203451.full", "doi:10.1214/aos/1013203451"},
	{"https://www.degruyter.com/document/doi/10.1515/9783110123456/html", "doi:10.1515/9783110123456"},
	{"https://www.frontiersin.org/articles/10.3389/fnins.2020.00123/full", "doi:10.3389/fnins.2020.00123"},
	{"https://www.nature.com/articles/s42256-020-0208-z", "doi:10.1038/s42256-020-0208-z"},
	{"https://www.nature.com/articles/s42256-020-0208-z.pdf", "doi:10.1038/s42256-020-0208-z"},
	{"https://www.nature.com/articles/nature14539_reference.pdf", "doi:10.1038/nature14539"},
	{"https://www.nature.com/articles/nmeth.3547.pdf?origin=ppub", "doi:10.1038/nmeth.3547"},
	{"https://www.nature.com/articles/s41586-021-03819-2/figures/1", "doi:10.1038/s41586-021-03819-2"},
	{"https://www.nature.com/articles/doi:10.1038/nature14539", "doi:10.1038/nature14539"},
	{"https://www.nature.com/nature/journal/v518/n7540/full/nature14236.html", "doi:10.1038/nature14236"},
	{"https://www.nature.com/nature/articles?type=article", ""},
	{"https://zenodo.org/record/6891965.YtwoS3ZBxD8", "doi:10.5281/zenodo.6891965"},
	{"https://zenodo.org/records/15420527", "doi:10.5281/zenodo.15420527"},
	{"https://zenodo.org/doi/10.5281/zenodo.15420527", "doi:10.5281/zenodo.15420527"},
	{"https://papers.ssrn.com/sol3/papers.cfm?abstract_id=2732453", "doi:10.2139/ssrn.2732453"},
	{"http://ssrn.com/abstract=2732453", "doi:10.2139/ssrn.2732453"},
	{"https://www.jstor.org/stable/10.1086/123456?seq=1", "doi:10.1086/123456"},
	{"https://www.jstor.org/stable/pdf/2946671.pdf", "doi:10.2307/2946671"},
	{"https://elifesciences.org/articles/12345", "doi:10.7554/elife.12345"},
	{"https://peerj.com/articles/4375/", "doi:10.7717/peerj.4375"},
	{"https://peerj.com/articles/cs-103/", "doi:10.7717/peerj-cs.103"},
	{"https://pubs.rsc.org/en/content/articlelanding/2020/sc/d0sc01234a", "doi:10.1039/d0sc01234a"},
	{"https://www.hindawi.com/journals/complexity/2018/3804742/", "doi:10.1155/2018/3804742"},
	{"https://www.ijcai.org/proceedings/2021/0123.pdf", "doi:10.24963/ijcai.2021/123"},
	{"https://www.researchsquare.com/article/rs-123456/v1", "doi:10.21203/rs.3.rs-123456/v1"},
	{"https://www.preprints.org/manuscript/202401.0001/v1", "doi:10.20944/preprints202401.0001.v1"},

	{"https://openreview.net/forum?id=yIqszw9RUc&noteId=tSpWiDVORr", "openreview:yIqszw9RUc"},
	{"https://openreview.net/forum?noteId=tSpWiDVORr&id=yIqszw9RUc", "openreview:yIqszw9RUc"},
	{"https://openreview.net/forum?id=0Xnnby6m8M#discussion", "openreview:0Xnnby6m8M"},
	{"https://openreview.net/pdf?id=EfMyf9MC3t", "openreview:EfMyf9MC3t"},
	{"https://openreview.net/attachment?id=EfMyf9MC3t&name=supplementary_material", "openreview:EfMyf9MC3t"},
	{"https://openreview.net/forum?id=B1x8anVF__", "openreview:B1x8anVF__"},
	{"https://openreview.net/pdf/7be7febdbc687ff1d863bbeaf1f37fb1b683f4bc.pdf", "https://openreview.net/pdf/7be7febdbc687ff1d863bbeaf1f37fb1b683f4bc.pdf"},
	{"https://openreview.net/group?id=ICLR.cc/2026/Conference", ""},
	{"https://openreview.net/profile?id=~Noam_Shazeer1", ""},
	{"https://aclanthology.org/2022.coling-1.36/", "acl:2022.coling-1.36"},
	{"https://aclanthology.org/2022.tacl-1.25.pdf", "acl:2022.tacl-1.25"},
	{"https://aclanthology.org/2021.acl-long.368.bib", "acl:2021.acl-long.368"},
	{"https://aclanthology.org/2021.acl-long.368v2.pdf", "acl:2021.acl-long.368v2"},
	{"https://aclanthology.org/2023.findings-emnlp.12", "acl:2023.findings-emnlp.12"},
	{"https://www.aclweb.org/anthology/p18-1001/", "acl:P18-1001"},
	{"http://www.aclweb.org/anthology/P/P18/P18-1001.pdf", "acl:P18-1001"},
	{"https://aclanthology.info/papers/P18-1001/p18-1001", "acl:P18-1001"},
	{"https://aclanthology.org/events/acl-2022/", ""},
	{"https://aclanthology.org/volumes/2022.coling-1/", ""},

	{"https://proceedings.mlr.press/v129/li20a.html", "https://proceedings.mlr.press/v129/li20a.html"},
	{"http://proceedings.mlr.press/v129/li20a/li20a.pdf", "https://proceedings.mlr.press/v129/li20a.html"},
	{"http://proceedings.mlr.press/v97/tan19a/tan19a-supp.pdf", ""},
	{"https://proceedings.mlr.press/v129/", ""},
	{"https://raw.githubusercontent.com/mlresearch/v235/main/assets/li24a/li24a.pdf", "https://proceedings.mlr.press/v235/li24a.html"},
	{"http://jmlr.org/proceedings/papers/v28/li13.html", "https://proceedings.mlr.press/v28/li13.html"},
	{"https://jmlr.org/papers/v21/20-074.html", "https://jmlr.org/papers/v21/20-074.html"},
	{"https://www.jmlr.org/papers/volume21/20-074/20-074.pdf", "https://jmlr.org/papers/v21/20-074.html"},
	{"https://jmlr.org/papers/v21/", ""},
	{"https://papers.nips.cc/paper_files/paper/1993/hash/68053af2923e00204c3ca7c6a3150cf7-Abstract.html",
		"https://proceedings.neurips.cc/paper_files/paper/1993/hash/68053af2923e00204c3ca7c6a3150cf7-Abstract.html"},
	{"https://papers.nips.cc/paper_files/paper/1993/file/68053af2923e00204c3ca7c6a3150cf7-Paper.pdf",
		"https://proceedings.neurips.cc/paper_files/paper/1993/hash/68053af2923e00204c3ca7c6a3150cf7-Abstract.html"},
	{"https://proceedings.neurips.cc/paper/1993/file/68053af2923e00204c3ca7c6a3150cf7-Paper.pdf",
		"https://proceedings.neurips.cc/paper_files/paper/1993/hash/68053af2923e00204c3ca7c6a3150cf7-Abstract.html"},
	{"https://proceedings.neurips.cc/paper_files/paper/2024/file/6ddc001d07ca4f319af96a3024f6dbd1-Paper-Conference.pdf?utm_source=chatgpt.com",
		"https://proceedings.neurips.cc/paper_files/paper/2024/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract-Conference.html"},
	{"https://proceedings.neurips.cc/paper_files/paper/2024/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract-Conference.html",
		"https://proceedings.neurips.cc/paper_files/paper/2024/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract-Conference.html"},
	{"https://proceedings.neurips.cc/paper_files/paper/2024", ""},
	{"https://papers.nips.cc/paper/7181-attention-is-all-you-need.pdf", "https://papers.nips.cc/paper/7181-attention-is-all-you-need"},
	{"https://datasets-benchmarks-proceedings.neurips.cc/paper/2021/file/6ddc001d07ca4f319af96a3024f6dbd1-Paper-round1.pdf",
		"https://datasets-benchmarks-proceedings.neurips.cc/paper/2021/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract-round1.html"},
	{"https://proceedings.mlsys.org/paper_files/paper/2022/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract.html",
		"https://proceedings.mlsys.org/paper_files/paper/2022/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract.html"},
	{"https://proceedings.iclr.cc/paper_files/paper/2024/file/6ddc001d07ca4f319af96a3024f6dbd1-Paper-Conference.pdf",
		"https://proceedings.iclr.cc/paper_files/paper/2024/hash/6ddc001d07ca4f319af96a3024f6dbd1-Abstract-Conference.html"},
	{"https://nips.cc/virtual/2023/poster/70000", "https://neurips.cc/virtual/2023/poster/70000"},
	{"https://icml.cc/virtual/2024/poster/33000", "https://icml.cc/virtual/2024/poster/33000"},
	{"https://iclr.cc/virtual/2024/oral/19000", "https://iclr.cc/virtual/2024/oral/19000"},
	{"https://openaccess.thecvf.com/content/WACV2021/html/Trabelsi_A_Pose_Proposal_and_Refinement_Network_for_Better_6D_Object_WACV_2021_paper.html",
		"https://openaccess.thecvf.com/content/WACV2021/html/Trabelsi_A_Pose_Proposal_and_Refinement_Network_for_Better_6D_Object_WACV_2021_paper.html"},
	{"https://openaccess.thecvf.com/content/WACV2021/papers/Trabelsi_A_Pose_Proposal_and_Refinement_Network_for_Better_6D_Object_WACV_2021_paper.pdf",
		"https://openaccess.thecvf.com/content/WACV2021/html/Trabelsi_A_Pose_Proposal_and_Refinement_Network_for_Better_6D_Object_WACV_2021_paper.html"},
	{"https://openaccess.thecvf.com/content_cvpr_2016/supplemental/Eriksson_A_Consensus-Based_Framework_2016_CVPR_supplemental.pdf", ""},
	{"https://www.ecva.net/papers/eccv_2018/papers_ECCV/papers/Thibault_Groueix_Shape_correspondences_from_ECCV_2018_paper.pdf",
		"https://www.ecva.net/papers/eccv_2018/papers_ECCV/papers/Thibault_Groueix_Shape_correspondences_from_ECCV_2018_paper.pdf"},
	{"https://www.ecva.net/papers_ECCV/papers/Thibault_Groueix_Shape_correspondences_from_ECCV_2018_paper.pdf",
		"https://www.ecva.net/papers/eccv_2018/papers_ECCV/papers/Thibault_Groueix_Shape_correspondences_from_ECCV_2018_paper.pdf"},
	{"https://www.ecva.net/papers/eccv_2022/papers_ECCV/papers/136820679.pdf", "https://www.ecva.net/papers/eccv_2022/papers_ECCV/papers/136820679.pdf"},
	{"https://www.ecva.net/papers/eccv_2022/papers_ECCV/papers/136820679-supp.zip", ""},
	{"https://www.roboticsproceedings.org/rss01/p17.html", "https://www.roboticsproceedings.org/rss01/p17.html"},
	{"https://www.roboticsproceedings.org/rss01/p17.pdf", "https://www.roboticsproceedings.org/rss01/p17.html"},
	{"https://ojs.aaai.org/index.php/AAAI/article/view/9973", "https://ojs.aaai.org/index.php/AAAI/article/view/9973"},
	{"https://ojs.aaai.org/index.php/AAAI/article/view/9973/9832", "https://ojs.aaai.org/index.php/AAAI/article/view/9973"},
	{"https://aaai.org/ojs/index.php/AAAI/article/view/9973", "https://ojs.aaai.org/index.php/AAAI/article/view/9973"},
	{"https://www.usenix.org/conference/atc23/presentation/zhai", "https://www.usenix.org/conference/atc23/presentation/zhai"},
	{"https://www.usenix.org/system/files/atc23-zhai.pdf", "https://www.usenix.org/system/files/atc23-zhai.pdf"},
	{"https://www.usenix.org/conference/atc23", ""},
	{"https://ieeexplore.ieee.org/abstract/document/771073", "https://ieeexplore.ieee.org/document/771073"},
	{"https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=00771073", "https://ieeexplore.ieee.org/document/771073"},
	{"https://www.sciencedirect.com/science/article/pii/S0950705123008973", "https://www.sciencedirect.com/science/article/pii/S0950705123008973"},
	{"https://www.sciencedirect.com/science/article/abs/pii/S0950705123008973?via%3Dihub", "https://www.sciencedirect.com/science/article/pii/S0950705123008973"},
	{"https://linkinghub.elsevier.com/retrieve/pii/S0950705123008973", "https://www.sciencedirect.com/science/article/pii/S0950705123008973"},
	{"https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7029759/", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7029759/"},
	{"https://pmc.ncbi.nlm.nih.gov/articles/PMC7029759/pdf/x.pdf", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7029759/"},
	{"https://pubmed.ncbi.nlm.nih.gov/32015508/", "https://pubmed.ncbi.nlm.nih.gov/32015508/"},
	{"https://www.ncbi.nlm.nih.gov/pubmed/32015508", "https://pubmed.ncbi.nlm.nih.gov/32015508/"},
	{"https://pubmed.ncbi.nlm.nih.gov/?term=attention", ""},
	{"http://www.ncbi.nlm.nih.gov/books/NBK3828/#publisherhelp.XML_Tag_Descriptions", ""},
	{"https://europepmc.org/article/MED/32015508", "https://pubmed.ncbi.nlm.nih.gov/32015508/"},
	{"https://europepmc.org/articles/PMC7029759", "https://pmc.ncbi.nlm.nih.gov/articles/PMC7029759/"},
	{"https://www.mdpi.com/2072-4292/13/1/1/htm", "https://www.mdpi.com/2072-4292/13/1/1"},
	{"https://eprint.iacr.org/2024/123.pdf", "https://eprint.iacr.org/2024/123"},
	{"https://distill.pub/2017/feature-visualization/", "https://distill.pub/2017/feature-visualization/"},
	{"https://transformer-circuits.pub/2021/framework/index.html", "https://transformer-circuits.pub/2021/framework/"},
	{"https://www.cell.com/neuron/pdf/S0896-6273(20)30123-4.pdf", "https://www.cell.com/neuron/fulltext/S0896-6273(20)30123-4"},
	{"https://inria.hal.science/hal-01234567v2/document", "https://hal.science/hal-01234567"},
	{"https://www.researchgate.net/publication/221618026_Title", "https://www.researchgate.net/publication/221618026"},
	{"https://osf.io/preprints/psyarxiv/abcde", "https://osf.io/preprints/psyarxiv/abcde"},
	{"https://chemrxiv.org/engage/chemrxiv/article-details/60c73d8a", "https://chemrxiv.org/engage/chemrxiv/article-details/60c73d8a"},

	{"https://www.google.com/url?q=https://arxiv.org/abs/2401.08383&sa=D", "arxiv:2401.08383"},
	{"https://www.google.com/url?sa=t&url=https%3A%2F%2Fdoi.org%2F10.1038%2Fnature12373&usg=x", "doi:10.1038/nature12373"},
	{"https://link.zhihu.com/?target=https%3A//arxiv.org/abs/2401.08383", "arxiv:2401.08383"},
	{"https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Farxiv.org%2Fabs%2F2401.08383&data=05%7C02", "arxiv:2401.08383"},
	{"https://www.google.com/search?q=2401.08383", ""},
	{"https://web.archive.org/web/2023/https://arxiv.org/abs/2401.08383", "arxiv:2401.08383"},

	{"https://arxiv.org.evil.example/abs/2401.08383", ""},
	{"https://notarxiv.org/abs/2401.08383", ""},
	{"https://arxiv.org@evil.example/abs/2401.08383", ""},
	{"https://evil.example@arxiv.org/abs/2401.08383", ""},
	{"https://arxiv.org:8080/abs/2401.08383", ""},
	{`https://arxiv.org\@evil.example/abs/2401.08383`, ""},
	{"https://evil.example/arxiv.org/abs/2401.08383", ""},
	{"https://evil.example/abs/2401.08383,2401.08384", ""},
	{"https://evil.example/?q=arXiv:2401.08383", ""},
	{"https://doi.org.evil.example/10.1038/nature12373", ""},
	{"https://аrxiv.org/abs/2401.08383", ""}, // with a Cyrillic а
	{"https://github.com/google-research/vision_transformer", ""},
	{"https://github.com/someone/2401.08383", ""},
	{"https://www.youtube.com/watch?v=2401.08383", ""},
}

func TestEverySiteHasAnExample(t *testing.T) {
	used := map[rule]bool{}
	for _, e := range siteExamples {
		m := linkForm.FindStringSubmatch(e.link)
		if m == nil {
			continue
		}
		target := unescape(m[2])
		if m[3] != "" {
			target += "?" + unescape(m[3])
		}
		for _, r := range rulesFor(m[1]) {
			if r.path.MatchString(target) {
				used[r] = true
				break
			}
		}
	}
	for host, rules := range sites {
		for _, r := range rules {
			if !used[r] {
				t.Errorf("%s: no example matches %s first", host, r.path)
			}
		}
	}
}

func TestLinksOfSites(t *testing.T) {
	for _, e := range siteExamples {
		if got := show(FindIDs(e.link)); got != e.want {
			t.Errorf("FindIDs(%q) = %q, want %q", e.link, got, e.want)
		}
		if bare, _, _ := strings.Cut(e.link, "://"); strings.EqualFold(bare, "https") && e.want != "" && !strings.Contains(e.link[8:], "://") {
			if got := show(FindIDs(e.link[8:])); got != e.want {
				t.Errorf("without https: FindIDs(%q) = %q, want %q", e.link[8:], got, e.want)
			}
		}
		if e.want == "" || strings.Contains(e.want, " ") || strings.Contains(e.link[8:], "https://") {
			continue
		}
		if ref, ok := ParseID(e.link); !ok || show([]Ref{ref}) != e.want {
			t.Errorf("ParseID(%q) = %q, %t, want %q", e.link, show([]Ref{ref}), ok, e.want)
		}
	}
}

// The address of a page that has no better name leads back to that name.
func TestAddressesOfPagesAreNormal(t *testing.T) {
	for _, e := range siteExamples {
		for _, ref := range FindIDs(e.link) {
			if ref.Link == "" {
				continue
			}
			if again := FindIDs(ref.Link); len(again) != 1 || again[0] != ref {
				t.Errorf("FindIDs(%q) = %v, want %v as from %s", ref.Link, again, ref, e.link)
			}
		}
	}
}
